import Hummingbird
import HummingbirdTLS
import Mustache
public enum ServerModule {}
