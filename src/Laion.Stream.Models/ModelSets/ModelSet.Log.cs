using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

internal sealed partial class ModelSet
{
    private static partial class Log
    {
        [LoggerMessage(1700, LogLevel.Information, "CLIP {Backbone}: {Width} numbers, pictures by {Visual}, captions by {Text} at lengths {Lengths}")]
        public static partial void Found(ILogger log, string backbone, int width, string visual, string text, int[] lengths);

        [LoggerMessage(1701, LogLevel.Information, "No model for {Columns}: these columns stay empty")]
        public static partial void EmptyColumns(ILogger log, string columns);

        [LoggerMessage(1702, LogLevel.Information, "{Text} keeps its full length: {Why}")]
        public static partial void FullLength(ILogger log, string text, string why);
    }
}
