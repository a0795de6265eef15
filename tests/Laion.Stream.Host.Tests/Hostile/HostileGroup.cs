namespace LaionStream.Host.Tests.Hostile;

/// <summary>The parts of the hostile run.</summary>
internal enum HostileGroup
{
    /// <summary>A valid picture from a correct server.</summary>
    Good,

    /// <summary>A hostile picture from a correct server.</summary>
    Picture,

    /// <summary>A link to a misbehaving server.</summary>
    Evil,

    /// <summary>A link that announces much and sends slowly.</summary>
    Starving,
}
