"""Every limit of version 1 (07-errors-and-limits.md). Bytes unless said otherwise."""

LINE_BYTES = 65_536
JSON_DEPTH = 16
LARGEST_INTEGER = 2**53 - 1
DECIMAL_DIGITS = 15
ATTRIBUTE_BYTES = 256

FRAME_LINES = 4_096
FRAME_BYTES = 1 << 20  # decoded, for a frame of more than one line
DECODED_BYTES = (2 << 20) + (128 << 10)  # decoded, for any frame
WINDOW_BYTES = 1 << 23
CONTROL_RECORDS = 1_024
PROOF_HASHES = 64
LOG_LINES = 1 << 40  # lines

NOTE_BYTES = 65_536
NOTE_SIGNATURES = 16

REQUEST_BYTES = 64 << 20
REQUEST_FRAMES = 16_384
TABLE_ROWS = 8_192  # rows of one record
EARLY_LOGS = 256
EARLY_RANGES = 4_096  # of one log
