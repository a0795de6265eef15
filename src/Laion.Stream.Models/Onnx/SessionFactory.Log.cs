using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Onnx;

internal sealed partial class SessionFactory
{
    private static partial class Log
    {
        [LoggerMessage(1600, LogLevel.Information, "Models run on {Provider}, device {Devices}, {Threads} threads a session: {Reason}")]
        public static partial void Chosen(ILogger log, string provider, string devices, int threads, string reason);
    }
}
