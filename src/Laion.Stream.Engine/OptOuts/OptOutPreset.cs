namespace LaionStream.Engine.OptOuts;

/// <summary>What the switches of <see cref="OptOutOptions"/> mean that are not set.</summary>
public enum OptOutPreset
{
    /// <summary>No signal is obeyed.</summary>
    None,

    /// <summary>Every signal is obeyed that needs no further request.</summary>
    Standard,

    /// <summary>Every signal is obeyed: also those in robots.txt and tdmrep.json, which are requested once per origin.</summary>
    Strict,
}
