namespace LaionStream.Engine.Output;

/// <summary>What an output stores its pictures in; the layouts are those of img2dataset.</summary>
public enum PictureContainer
{
    /// <summary>A tar per part, as WebDataset reads it.</summary>
    Tar,

    /// <summary>A folder of loose files per part.</summary>
    Files,

    /// <summary>A column of the Parquet file beside the rows.</summary>
    Parquet,
}
