
namespace LaionStream.Engine.Download.Connections;

/// <summary>The requests to one origin, and those of its connections that may carry several at a time.</summary>
internal sealed class OriginUse
{
    /// <summary>Requests under way.</summary>
    public int Requests { get; set; }

    /// <summary>Connections that no lease holds and that may be shared: any request to the origin may be using them.</summary>
    public List<DialedStream> Shared { get; } = [];
}
