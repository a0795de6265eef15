namespace LaionStream.Dataset.Parquet;

/// <summary>Types that a list's other columns may have in the output; every one is nullable.</summary>
public enum ExtraColumnKind
{
    /// <summary>UTF-8 text: <see cref="string"/>.</summary>
    Text,

    /// <summary><see cref="long"/>.</summary>
    Int64,

    /// <summary><see cref="double"/>.</summary>
    Double,

    /// <summary><see cref="bool"/>.</summary>
    Boolean,

    /// <summary><see cref="DateTimeOffset"/>, stored in UTC with microseconds.</summary>
    Timestamp,
}
