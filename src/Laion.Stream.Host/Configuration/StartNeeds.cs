namespace LaionStream.Host.Configuration;

/// <summary>What a verb needs besides settings that are valid.</summary>
[Flags]
internal enum StartNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Inputs to read.</summary>
    Inputs = 1,

    /// <summary>A folder to write.</summary>
    Output = 2,

    /// <summary>A folder in which an earlier run has written.</summary>
    EarlierOutput = 4,

    /// <summary>Models, unless the settings say that none are wanted.</summary>
    Models = 8,
}
