using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Onnx;

internal sealed partial class SessionFactory
{
    private static partial class Log
    {
        [LoggerMessage(1601, LogLevel.Information,
            "TensorRT builds an engine of {Model}: {Elapsed} so far. It takes minutes the first time, and is kept in Models:Cache")]
        public static partial void Building(ILogger log, string model, TimeSpan elapsed);

        [LoggerMessage(1602, LogLevel.Warning, "TensorRT's engine of {Model} does not work any more and is built anew: {Cause}")]
        public static partial void Stale(ILogger log, string model, string cause);

        [LoggerMessage(1600, LogLevel.Information,
            "Models run on {Provider}, device {Devices}, {Sessions} sessions each, {Threads} threads a session, batches of {Rows}: {Reason}")]
        public static partial void Chosen(ILogger log, string provider, int[] devices, int sessions, int threads, int rows, string reason);
    }
}
