using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs;

internal sealed partial class InputPump
{
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Information, "Opened shard {Shard}: {Location}")]
        public static partial void Opened(ILogger log, int shard, string location);

        [LoggerMessage(1001, LogLevel.Information, "Read shard {Shard} to its end: {Location}, {Records} records, {Links} links, {ElapsedMs} ms")]
        public static partial void Sealed(ILogger log, int shard, string location, long records, long links, long elapsedMs);

        [LoggerMessage(1002, LogLevel.Warning, "Shard {Shard} is damaged: {Location}: {DamagedMembers} members skipped, {BadRecords} records not understood, cut short: {Truncated}")]
        public static partial void Damaged(ILogger log, int shard, string location, long damagedMembers, long badRecords, bool truncated);

        [LoggerMessage(1003, LogLevel.Information, "Stopped reading shard {Shard} after {Links} links: {Location}")]
        public static partial void Stopped(ILogger log, int shard, string location, long links);
    }
}
