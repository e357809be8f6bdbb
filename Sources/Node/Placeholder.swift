import Crypto
public enum NodeModule {}
