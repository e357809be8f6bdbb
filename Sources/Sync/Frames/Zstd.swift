import CZstd

/// One-shot compression and streaming decompression. No other file of the project calls zstd.
public enum Zstd {
    /// A compressed copy of `bytes` as one zstd frame with its content size declared.
    ///
    /// - Parameter level: 1 (fast) to 19; 9 is what a slow line wants, 3 what a loopback wants.
    public static func compress(_ bytes: [UInt8], level: Int32 = 9) throws(FrameError) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        var written = 0
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let result = bytes.withUnsafeBytes {
                ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, level)
            }
            written = ZSTD_isError(result) == 0 ? result : -1
            count = max(written, 0)
        }
        guard written >= 0 else { throw FrameError(.malformed, "zstd could not compress \(bytes.count) bytes") }
        return output
    }
}

/// Decodes a concatenation of zstd frames fed in pieces, one frame's content at a time.
///
/// Memory stays below `Limits.decodedBytes` plus the window, whatever the input claims: output is counted while
/// it is made, never after.
struct ZstdFrameDecoder: ~Copyable {
    private let context: OpaquePointer
    /// Where zstd writes, a piece at a time; made once, since clearing it for each frame costs more than decoding.
    private let piece: UnsafeMutableRawBufferPointer
    private var content: [UInt8] = []
    private(set) var isMidFrame = false
    /// Compressed bytes of the current frame taken so far.
    private var taken = 0
    /// Whether the decoder may hold output that it had no room to give.
    private var mayHoldOutput = false

    init() throws(FrameError) {
        guard let context = ZSTD_createDCtx() else { throw FrameError(.malformed, "zstd could not start") }
        self.context = context
        piece = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 16)
        _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Limits.windowLog)
    }

    deinit {
        piece.deallocate()
        ZSTD_freeDCtx(context)
    }

    /// Consumes a prefix of `input` from `offset`; returns a frame's whole content when one ends.
    ///
    /// - Parameter offset: advanced by what was consumed; on a returned content it stands just after that frame.
    mutating func next(_ input: [UInt8], offset: inout Int) throws(FrameError) -> [UInt8]? {
        while offset < input.count || mayHoldOutput {
            try checkMagic(input[offset...])
            var target = ZSTD_outBuffer(dst: piece.baseAddress, size: piece.count, pos: 0)
            var consumed = 0
            let result = input[offset...].withUnsafeBytes { bytes in
                var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
                defer { consumed = source.pos }
                return ZSTD_decompressStream(context, &target, &source)
            }
            content.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<target.pos]))
            offset += consumed
            taken += consumed
            isMidFrame = true
            mayHoldOutput = target.pos == piece.count
            if ZSTD_isError(result) != 0 {
                let reason = String(cString: ZSTD_getErrorName(result))
                throw FrameError(.malformed, "the compressed bytes are damaged (\(reason))")
            }
            if content.count > Limits.decodedBytes {
                throw FrameError(
                    .expandsTooFar, "the frame expands past \(Limits.decodedBytes) bytes and was refused unread")
            }
            if result == 0 {
                isMidFrame = false
                mayHoldOutput = false
                taken = 0
                defer { content = [] }
                return content
            }
        }
        return nil
    }

    /// The library would also decode its formats of before version 1, and pass over skippable frames however long:
    /// neither is in the protocol, so neither reaches it.
    private func checkMagic(_ bytes: ArraySlice<UInt8>) throws(FrameError) {
        guard taken < Self.magic.count else { return }
        for (byte, expected) in zip(bytes, Self.magic[taken...]) where byte != expected {
            throw FrameError(.malformed, "the bytes do not start as a zstd frame does")
        }
    }

    private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
}
