using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>The counts of a tar, under the names of img2dataset's <c>_stats.json</c>. Successes only: dropped rows are in the ledger, not in a shard.</summary>
internal sealed class ShardStats : IPartFile<KeptRow>
{
    private readonly Stream _output;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _start;
    private long _rows;

    private ShardStats(Stream output, TimeProvider clock) => (_output, _clock, _start) = (output, clock, clock.GetUtcNow());

    /// <inheritdoc/>
    public long Bytes => 0;

    /// <summary>The file kind.</summary>
    /// <param name="name">How the files are named.</param>
    /// <param name="clock">For start and end.</param>
    public static PartFileKind<KeptRow> Kind(PartName name, TimeProvider? clock = null) =>
        new(FileRole.ImageStats, name, (output, _) => ValueTask.FromResult<IPartFile<KeptRow>>(new ShardStats(output, clock ?? TimeProvider.System)));

    /// <inheritdoc/>
    public ValueTask AddAsync(KeptRow row, CancellationToken abort)
    {
        _rows++;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync()
    {
        DateTimeOffset end = _clock.GetUtcNow();
        using var file = new MemoryStream();
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteNumber("count", _rows);
            json.WriteNumber("successes", _rows);
            json.WriteNumber("failed_to_download", 0);
            json.WriteNumber("failed_to_resize", 0);
            json.WriteNumber("duration", (end - _start).TotalSeconds);
            json.WriteNumber("start_time", Seconds(_start));
            json.WriteNumber("end_time", Seconds(end));
            json.WriteStartObject("status_dict");
            json.WriteNumber("success", _rows);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return _output.WriteAsync(file.ToArray());
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
