namespace LaionStream.Host.Tests.Hostile;

/// <summary>The parts of the hostile run.</summary>
internal enum HostileGroup
{
    /// <summary>A sound picture of a sound server.</summary>
    Good,

    /// <summary>A hostile picture of a sound server.</summary>
    Picture,

    /// <summary>A link to an evil server.</summary>
    Evil,

    /// <summary>A link that claims much and comes on slowly.</summary>
    Starving,
}
