namespace LaionStream.Host.Tests.Hostile;

/// <summary>One link of the hostile run.</summary>
/// <param name="Url">Unique.</param>
/// <param name="Name">What it is, for messages.</param>
/// <param name="Group">What it belongs to.</param>
/// <param name="Ends">How it may end, parted by <c>|</c>; <c>ok</c> is kept, nothing is anything.</param>
internal sealed record HostileRow(string Url, string Name, HostileGroup Group, string Ends);
