namespace LaionStream.Search.Rows;

/// <summary>Columns of which a row file holds a number of 64 bits per row.</summary>
public enum RowLong
{
    /// <summary>When the picture was fetched, in milliseconds since 1970, UTC; the least number where that is not known.</summary>
    Fetched,

    /// <summary>Perceptual hash; 0 where there is none.</summary>
    PHash,
}
