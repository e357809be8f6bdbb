public enum SyncModule {}
