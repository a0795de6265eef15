using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A remote file that further attempts cannot read: refused, changed, or unreachable too often.</summary>
internal sealed class InputRefusedException(string message, Exception? cause = null) : InputUnreachableException(message, cause);
