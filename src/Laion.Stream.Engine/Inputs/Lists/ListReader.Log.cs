using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs.Lists;

internal sealed partial class ListReader
{
    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Warning, "Input file {File}: nested columns of the list are not copied to the output: {Columns}.")]
        public static partial void NotCarried(ILogger log, int file, string columns);

        [LoggerMessage(1201, LogLevel.Warning, "Input file {File}: columns that the first lines of the list lack are not copied to the output: {Columns}.")]
        public static partial void TooLate(ILogger log, int file, string columns);
    }
}
