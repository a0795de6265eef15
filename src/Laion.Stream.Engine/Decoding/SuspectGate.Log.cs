using LaionStream.Dataset.Rows;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding;

internal sealed partial class SuspectGate
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 1510, Level = LogLevel.Information,
            Message = "Row {Row} was in the decoder when an earlier run was ended by force: it is decoded alone")]
        public static partial void Alone(ILogger log, RowKey row);

        [LoggerMessage(EventId = 1511, Level = LogLevel.Warning,
            Message = "Row {Row} did not come back from the decoder within its time limit twice, the second time alone: it is dropped as poison")]
        public static partial void SuspectDropped(ILogger log, RowKey row);
    }
}
