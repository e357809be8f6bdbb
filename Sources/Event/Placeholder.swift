public enum EventModule {}
