using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Headers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding;

internal sealed partial class DecodeStage
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 1500, Level = LogLevel.Debug, Message = "Row {Row} does not decode: {Cause}")]
        public static partial void DecodeFailed(ILogger log, RowKey row, string cause);

        [LoggerMessage(EventId = 1502, Level = LogLevel.Debug, Message = "Row {Row} decodes and does not encode: {Cause}")]
        public static partial void EncodeFailed(ILogger log, RowKey row, string cause);

        [LoggerMessage(EventId = 1501, Level = LogLevel.Warning, Message = "Row {Row} broke the decode stage: {Format}, {Width} × {Height}")]
        public static partial void Poison(ILogger log, RowKey row, ImageFormat format, int width, int height, Exception cause);
    }
}
