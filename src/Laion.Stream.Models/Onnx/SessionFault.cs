namespace LaionStream.Models.Onnx;

/// <summary>A session threw on so many rows in a row that the session, not the rows, must be at fault; ends the run.</summary>
/// <param name="message">Which session and how often.</param>
/// <param name="inner">The last failure.</param>
internal sealed class SessionFault(string message, Exception inner) : Exception(message, inner);
