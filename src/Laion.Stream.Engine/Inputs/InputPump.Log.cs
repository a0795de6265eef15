using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs;

internal sealed partial class InputPump
{
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Information, "Opened input file {File}: {Location}")]
        public static partial void Opened(ILogger log, int file, string location);

        [LoggerMessage(1001, LogLevel.Information, "Read input file {File} to its end: {Location}, {Records} records, {Links} links, {ElapsedMs} ms")]
        public static partial void Sealed(ILogger log, int file, string location, long records, long links, long elapsedMs);

        [LoggerMessage(1002, LogLevel.Warning,
            "Input file {File} is damaged: {Location}: {DamagedMembers} members skipped, {BadRecords} records not parsed, truncated: {Truncated}; first: {First}")]
        public static partial void Damaged(ILogger log, int file, string location, long damagedMembers, long badRecords, bool truncated, string? first);

        [LoggerMessage(1003, LogLevel.Information, "Stopped reading input file {File} after {Links} links: {Location}")]
        public static partial void Stopped(ILogger log, int file, string location, long links);
    }
}
