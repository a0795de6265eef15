namespace LaionStream.Search.Rows;

/// <summary>Columns of which a row file holds a number of 32 bits per row.</summary>
public enum RowNumber
{
    /// <summary>Width in pixels.</summary>
    Width,

    /// <summary>Height in pixels.</summary>
    Height,
}
