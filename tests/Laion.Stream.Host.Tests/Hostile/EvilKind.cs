namespace LaionStream.Host.Tests.Hostile;

/// <summary>One way in which a server misbehaves.</summary>
/// <param name="Name">Unique, and fit for a host name.</param>
/// <param name="Wire">Where it takes over.</param>
/// <param name="Ends">How its row may end: <c>ok</c> where a browser would show the picture, or a reason; parted by <c>|</c> where more is right.</param>
/// <param name="Play">What it does; the connection is closed when it returns.</param>
internal sealed record EvilKind(string Name, EvilWire Wire, string Ends, Func<EvilTalk, Task> Play)
{
    /// <summary>Whether its links are https.</summary>
    public bool IsSecure => Wire is not (EvilWire.Accepted or EvilWire.Plain);
}
