public enum TransparencyLogModule {}
