namespace LaionStream.Host.Tests.Hostile;

/// <summary>One way in which a server misbehaves.</summary>
/// <param name="Name">Unique, and valid in a host name.</param>
/// <param name="Wire">The point at which it takes over.</param>
/// <param name="Ends">The allowed outcomes of its row: <c>ok</c> if a browser would show the picture, or a reason; separated by <c>|</c> if there are
/// several.</param>
/// <param name="Play">Its behaviour; the connection is closed when it returns.</param>
internal sealed record EvilKind(string Name, EvilWire Wire, string Ends, Func<EvilTalk, Task> Play)
{
    /// <summary>Whether its links are https.</summary>
    public bool IsSecure => Wire is not (EvilWire.Accepted or EvilWire.Plain);
}
