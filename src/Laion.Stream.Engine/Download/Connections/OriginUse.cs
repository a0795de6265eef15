
namespace LaionStream.Engine.Download.Connections;

/// <summary>The requests to one origin, and those of its connections that may carry several requests at once.</summary>
internal sealed class OriginUse
{
    /// <summary>Requests in progress.</summary>
    public int Requests { get; set; }

    /// <summary>Shareable connections that no lease holds: any request to the origin may be using them.</summary>
    public List<DialedStream> Shared { get; } = [];
}
