namespace LaionStream.Host.Tests.Hostile;

/// <summary>Every kind of misbehaving server.</summary>
internal static class EvilKinds
{
    public static IReadOnlyList<EvilKind> All { get; } =
        [.. EvilHeads.All, .. EvilBodies.All, .. EvilCodings.All, .. EvilRedirects.All, .. EvilHandshakes.All, .. EvilFrames.All];
}
