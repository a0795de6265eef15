namespace LaionStream.Search.Rows;

/// <summary>Columns of which a row file holds the distinct texts and a number per row.</summary>
public enum RowText
{
    /// <summary>The output set.</summary>
    Set,

    /// <summary>The caption's language.</summary>
    Language,

    /// <summary>The licence, <c>?</c> where none is known.</summary>
    Licence,

    /// <summary>Host of the picture's address, without <c>www.</c>; empty for pictures of the machine.</summary>
    Domain,

    /// <summary>LAION's tag; empty where there is none.</summary>
    Nsfw,
}
