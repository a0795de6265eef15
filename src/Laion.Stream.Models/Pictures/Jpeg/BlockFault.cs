namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What is wrong with a block's codes.</summary>
[Flags]
internal enum BlockFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Bits that are not a code.</summary>
    Code = 1,

    /// <summary>A coefficient outside its block or band, or of an impossible size.</summary>
    Coefficient = 2,
}
