namespace LaionStream.Engine.Inputs.Wat;

/// <summary>State of a walk through a response's headers; see <see cref="LinkExtractor.TryNextHeader"/>.</summary>
internal struct HeaderWalk
{
    /// <summary>Whether the object has been entered.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Whether no member has been read yet.</summary>
    public bool IsFirst { get; set; }

    /// <summary>Whether the walk is inside a header's array of values.</summary>
    public bool IsInArray { get; set; }

    /// <summary>Whether no element of that array has been read yet.</summary>
    public bool IsFirstOfArray { get; set; }
}
