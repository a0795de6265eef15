using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Onnx;

internal sealed partial class SessionFactory
{
    private static partial class Log
    {
        [LoggerMessage(1600, LogLevel.Information, "Models run on {Provider}, device {Devices}, {Sessions} sessions each, {Threads} threads a session, batches of {Rows}: {Reason}")]
        public static partial void Chosen(ILogger log, string provider, string devices, int sessions, int threads, int rows, string reason);
    }
}
