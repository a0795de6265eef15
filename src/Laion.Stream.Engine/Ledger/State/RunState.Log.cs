using LaionStream.Dataset.Rows;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Information, "Committed {Rows} rows of {Set} as {Path}, {Bytes} bytes.")]
        public static partial void Committed(ILogger logger, string set, int rows, string path, long bytes);

        [LoggerMessage(2011, LogLevel.Information, "Input file {File} is done: {Links} links, {Kept} kept.")]
        public static partial void FileDone(ILogger logger, int file, long links, long kept);

        [LoggerMessage(2012, LogLevel.Debug, "Ledger segment {Segment} begins with {Bytes} bytes.")]
        public static partial void SegmentBegun(ILogger logger, int segment, long bytes);

        [LoggerMessage(2013, LogLevel.Information,
            "Resuming: {Done} input files done, {Open} begun, {Hashes} hashes owned, {Commits} commits since the last segment; {Renamed} files renamed, {Deleted} temp files deleted, {Cut} torn bytes cut.")]
        public static partial void Resumed(ILogger logger, int done, int open, long hashes, int commits, int renamed, int deleted, long cut);

        [LoggerMessage(2014, LogLevel.Information,
            "{Files} files of parts committed since the last segment are not in the output folder: they were moved away.")]
        public static partial void FilesAway(ILogger logger, int files);

        [LoggerMessage(2016, LogLevel.Warning,
            "'{Path}' has {Bytes} bytes where the manifest lists {Listed}: it was replaced from outside. It is left as it is.")]
        public static partial void PartReplaced(ILogger logger, string path, long bytes, long listed);

        [LoggerMessage(2017, LogLevel.Warning,
            "Row {Row} of '{Input}' was in stage {Stage} for {Seconds} s when a run was ended by force at {At} ({Why}); such ends so far: {Ends}.")]
        public static partial void Suspect(ILogger logger, RowKey row, string? input, string stage, double seconds, DateTimeOffset at, string why, int ends);

        [LoggerMessage(2018, LogLevel.Information, "Row {Row} of '{Input}' was in stage {Stage} when the last process ended without recording a reason.")]
        public static partial void AtWork(ILogger logger, RowKey row, string? input, string stage);

        [LoggerMessage(2019, LogLevel.Warning,
            "Rows inside stage {Stage} are not recorded: {Cause} If the process dies, the next start does not know which of them was at fault.")]
        public static partial void NoSlots(ILogger logger, string stage, string cause);

        [LoggerMessage(2015, LogLevel.Information, "Input file {File} is open again for {Rows} rows.")]
        public static partial void Reopened(ILogger logger, int file, long rows);
    }
}
