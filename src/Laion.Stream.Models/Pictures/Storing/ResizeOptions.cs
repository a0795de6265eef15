using System.ComponentModel.DataAnnotations;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>How resized pictures are made; bound to <c>Laion:Writing:Resize</c>. The values have the same meaning as in img2dataset.</summary>
public sealed class ResizeOptions
{
    /// <summary>Length in pixels of the side that the mode names.</summary>
    /// <value>Default 256.</value>
    [Range(8, 8192)]
    public int Size { get; set; } = 256;

    /// <summary>
    /// How the picture is resized: KeepRatio (shorter side to Size), CenterCrop (then the middle square), Border (longer side to Size, white around it),
    /// KeepRatioLargest (longer side to Size) or No.
    /// </summary>
    /// <value>Default KeepRatio.</value>
    public ResizeMode Mode { get; set; } = ResizeMode.KeepRatio;

    /// <summary>Whether pictures that are no larger than Size keep their size: they are then not enlarged, cropped or given borders.</summary>
    /// <value>Default false.</value>
    public bool OnlyIfBigger { get; set; }

    /// <summary>How they are encoded: jpg, webp or png. Readers of clip-retrieval accept jpg only.</summary>
    /// <value>Default jpg.</value>
    public StoredFormat Format { get; set; } = StoredFormat.Jpg;

    /// <summary>Quality 1 to 100 of jpg and webp; of png the compression, 0 to 9.</summary>
    /// <value>Default 95.</value>
    [Range(0, 100)]
    public int Quality { get; set; } = 95;

    /// <summary>The extension of the files, without a dot.</summary>
    internal string Extension => Format switch
    {
        StoredFormat.Jpg => "jpg",
        StoredFormat.Webp => "webp",
        _ => "png",
    };
}
