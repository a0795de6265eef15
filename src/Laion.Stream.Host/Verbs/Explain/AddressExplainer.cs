using LaionStream.Engine.Download.Fetching;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Whether the address guard allows a connection.</summary>
internal sealed class AddressExplainer(AddressGuard guard)
{
    /// <summary>Explains an address.</summary>
    /// <param name="address">An address, a host in any spelling, or a whole URL for its host. A name that is not reserved is allowed here: its addresses are
    /// checked later.</param>
    public Answer Explain(string address) =>
        Answer.Allowed((WebUrl.TryParse(address, null, out WebUrl? url) ? guard.JudgeHost(url.Host) : guard.JudgeSpelling(address)) ?? true);
}
