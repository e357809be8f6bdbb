import GRDB
public enum ReadModelsModule {}
