namespace LaionStream.Benchmarks.Stages;

/// <summary>Names of the figures that the plan looks up.</summary>
internal static class Names
{
    /// <summary>WAT to candidates, per candidate.</summary>
    public const string Candidate = "extract: a candidate";

    /// <summary>Download of one picture.</summary>
    public const string Fetch = "fetch: stage";

    /// <summary>Bytes to model input, digests and perceptual hash.</summary>
    public const string Decode = "decode: whole stage";

    /// <summary>A caption to token ids.</summary>
    public const string Tokenise = "tokenise";

    /// <summary>A row of the dataset.</summary>
    public const string Write = "write: ten LAION columns";

    /// <summary>The blocks' own cost per row.</summary>
    public const string Graph = "graph: all blocks, empty stages";
}
