namespace LaionStream.Host.Tests.Hostile;

/// <summary>One link of the hostile run.</summary>
/// <param name="Url">Unique.</param>
/// <param name="Name">Its description, for messages.</param>
/// <param name="Group">Its group.</param>
/// <param name="Ends">Its allowed outcomes, separated by <c>|</c>; <c>ok</c> means kept, empty allows any.</param>
internal sealed record HostileRow(string Url, string Name, HostileGroup Group, string Ends);
