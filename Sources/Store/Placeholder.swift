import GRDB
public enum StoreModule {}
