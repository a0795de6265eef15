using System.Collections.Frozen;
using System.Text.Json;

namespace LaionStream.Dataset.Rows;

/// <summary>The stable snake_case names of the opt-out signals, and the drop reason of each.</summary>
public static class OptOutSignals
{
    private static readonly string[] Names = [.. Enum.GetNames<OptOutSignal>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly FrozenDictionary<string, OptOutSignal> ByName = All.ToFrozenDictionary(signal => signal.Name(), StringComparer.Ordinal);

    /// <summary>All signals, in the order of their numbers.</summary>
    public static IEnumerable<OptOutSignal> All => Enum.GetValues<OptOutSignal>().Where(signal => signal != OptOutSignal.None);

    /// <summary>The highest number of a signal.</summary>
    public static int Last => Names.Length - 1;

    /// <summary>The name as written in summaries and ledgers, such as <c>content_usage</c>.</summary>
    public static string Name(this OptOutSignal signal) => Names[(int)signal];

    /// <summary>Finds a signal by its stable name.</summary>
    public static bool TryParse(string name, out OptOutSignal signal) => ByName.TryGetValue(name, out signal);

    /// <summary>The drop reason of a row that a signal excludes.</summary>
    /// <param name="signal">The signal; a number of a later version counts as a header's.</param>
    public static DropReason Reason(this OptOutSignal signal) => signal switch
    {
        OptOutSignal.None => DropReason.None,
        OptOutSignal.RobotsDisallow or OptOutSignal.RobotsContentUsage or OptOutSignal.RobotsContentSignal => DropReason.RobotsTxt,
        OptOutSignal.PageRobots or OptOutSignal.PageXRobotsTag or OptOutSignal.PageTdmReservation => DropReason.PageOptOut,
        OptOutSignal.XmpDataMining or OptOutSignal.C2paTrainingMining => DropReason.ImageOptOut,
        _ => DropReason.HeaderOptOut,
    };

    /// <summary>The outcome of a row that a signal excludes; the default for <see cref="OptOutSignal.None"/>.</summary>
    public static DropOutcome Outcome(this OptOutSignal signal) => new(signal.Reason(), (int)signal);

    /// <summary>The signal that caused an outcome; <see cref="OptOutSignal.None"/> when none did, or an earlier version did not record it.</summary>
    public static OptOutSignal Of(DropOutcome outcome) =>
        outcome.Detail is > 0 and <= byte.MaxValue && ((OptOutSignal)outcome.Detail).Reason() == outcome.Reason ? (OptOutSignal)outcome.Detail : OptOutSignal.None;
}
