namespace LaionStream.Models.Onnx;

/// <summary>A session threw on so many consecutive rows that the session, not the rows, must be at fault; ends the run.</summary>
/// <param name="message">The session and the number of rows.</param>
/// <param name="inner">The last failure.</param>
internal sealed class SessionFault(string message, Exception inner) : Exception(message, inner);
