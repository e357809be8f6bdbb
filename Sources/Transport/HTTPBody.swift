/// What a request carries up.
public enum HTTPBody {
    case none
    /// Sent with its length; libcurl may send it again on a fresh connection when a kept one turns
    /// out to be dead.
    case bytes([UInt8])
    /// Sent chunk by chunk as `next` hands them out, while the answer is already being read.
    /// `length`, in bytes, if known: without it the body goes up in chunked coding.
    case stream(length: Int64? = nil, next: () throws -> Step)

    public enum Step {
        /// Sent at once, whatever its size.
        case chunk([UInt8])
        /// Nothing to send before more of the answer has come. `next` is asked again as soon as
        /// bytes of the answer arrive, and once a second in between.
        case wait
        case end
    }
}
