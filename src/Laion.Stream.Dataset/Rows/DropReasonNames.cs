using System.Collections.Frozen;
using System.Text.Json;

namespace LaionStream.Dataset.Rows;

/// <summary>The stable snake_case names of the drop reasons, and which of them may be retried.</summary>
public static class DropReasonNames
{
    private static readonly string[] Names = [.. Enum.GetNames<DropReason>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly FrozenDictionary<string, DropReason> ByName =
        All.ToFrozenDictionary(reason => reason.Name(), StringComparer.Ordinal);

    /// <summary>All reasons, in the order of their numbers.</summary>
    public static IEnumerable<DropReason> All => Enum.GetValues<DropReason>().Where(reason => reason != DropReason.None);

    /// <summary>The name as written in summaries and ledgers, such as <c>low_similarity</c>.</summary>
    public static string Name(this DropReason reason) => Names[(int)reason];

    /// <summary>Finds a reason by its stable name.</summary>
    public static bool TryParse(string name, out DropReason reason) => ByName.TryGetValue(name, out reason);

    /// <summary>Whether another fetch may have a different outcome: transient network causes, and the statuses 408, 429 and 5xx.</summary>
    public static bool IsRetryable(this DropOutcome outcome) => outcome.Reason switch
    {
        DropReason.DnsFailed or DropReason.ConnectFailed or DropReason.TlsFailed or DropReason.Timeout or DropReason.TooSlow
            or DropReason.IncompleteBody or DropReason.HostDown or DropReason.HostBusy or DropReason.ModelFailed => true,
        DropReason.HttpStatus => outcome.Detail is 408 or 429 or (>= 500 and <= 599),
        _ => false,
    };
}
