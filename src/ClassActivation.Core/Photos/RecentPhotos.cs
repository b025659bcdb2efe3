using System.Runtime.CompilerServices;

namespace ClassActivation.Photos;

/// <summary>
/// Keeps the last few photos that were decoded in full, so that a photo is decoded once on its way from file to overlay:
/// decoding costs as much as drawing and encoding together. The pixels are shared and must not be changed.
/// </summary>
internal static class RecentPhotos
{
    // Room for two photos of 12 megapixels for each processor, up to four: as many are between two stages of a pipeline.
    private static readonly long Capacity = 96L * 1024 * 1024 * Math.Min(Environment.ProcessorCount, 4);

    // Of small photos no more than may be on their way: a run over millions needs none of the older ones again.
    private static readonly int MostPhotos = 8 * Environment.ProcessorCount;

    private static readonly Queue<Entry> Entries = new();
    private static readonly ConditionalWeakTable<PhotoSource, List<Prefetched>> OnTheWay = new();
    private static long _length;

    /// <summary>
    /// Decodes a photo like <see cref="PhotoDecoder.Decode"/>, or gives the same pixels again; the caller disposes the result.
    /// </summary>
    /// <param name="source">The photo; only the same object counts as the same photo, and only while its file is unchanged.</param>
    /// <param name="shorterSideAtLeast">As for <see cref="PhotoDecoder.Decode"/>.</param>
    /// <param name="longerSideAtLeast">As for <see cref="PhotoDecoder.Decode"/>.</param>
    /// <exception cref="PhotoException">The photo cannot be read or decoded.</exception>
    public static SharedPhoto.Use Decode(PhotoSource source, int? shorterSideAtLeast = null, int? longerSideAtLeast = null)
    {
        (DateTime Written, long Length)? version = source.ReadVersion();
        source.FirstVersion ??= version;
        lock (Entries)
        {
            SharedPhoto? kept = Entries.FirstOrDefault(e => ReferenceEquals(e.Source, source) && e.Version == version)?.Photo;
            if (kept is not null && IsNeededInFull(kept.Size, shorterSideAtLeast, longerSideAtLeast))
            {
                return kept.Open();
            }
        }

        return TakePrefetched(source, version, shorterSideAtLeast, longerSideAtLeast)?.Decoding.GetAwaiter().GetResult()
            ?? DecodeNow(source, version, shorterSideAtLeast, longerSideAtLeast);
    }

    /// <summary>
    /// Decodes a photo on another thread, so that a later call of <see cref="Decode"/> with the same sides finds it done.
    /// </summary>
    /// <param name="source">The photo. One that cannot be read is no matter here: decoding it again says so.</param>
    /// <param name="shorterSideAtLeast">As for <see cref="PhotoDecoder.Decode"/>.</param>
    /// <param name="longerSideAtLeast">As for <see cref="PhotoDecoder.Decode"/>.</param>
    /// <param name="isReadElsewhere">
    /// Whether another call decodes the photo too: nothing is done where its pixels will serve for both.
    /// </param>
    /// <param name="shorterSideElsewhere">The shorter side that this call asks for; null for all pixels.</param>
    public static void Prefetch(
        PhotoSource source, int? shorterSideAtLeast, int? longerSideAtLeast, bool isReadElsewhere = false, int? shorterSideElsewhere = null)
    {
        (DateTime Written, long Length)? version = source.ReadVersion();
        List<Prefetched> prefetched = OnTheWay.GetOrCreateValue(source);
        lock (prefetched)
        {
            prefetched.Add(new Prefetched(version, shorterSideAtLeast, longerSideAtLeast, Task.Run(Decode)));
        }

        SharedPhoto.Use? Decode()
        {
            try
            {
                return isReadElsewhere && WillBeKept(PhotoDecoder.ReadSize(source), shorterSideElsewhere)
                    ? null
                    : DecodeNow(source, version, shorterSideAtLeast, longerSideAtLeast);
            }
            catch (Exception e) when (e is PhotoException or OutOfMemoryException)
            {
                return null;
            }
        }
    }

    private static bool WillBeKept((int Width, int Height) size, int? shorterSideAtLeast) =>
        IsNeededInFull(size, shorterSideAtLeast, null) && 4L * size.Width * size.Height <= Capacity;

    private static Prefetched? TakePrefetched(
        PhotoSource source, (DateTime Written, long Length)? version, int? shorterSideAtLeast, int? longerSideAtLeast)
    {
        if (!OnTheWay.TryGetValue(source, out List<Prefetched>? prefetched))
        {
            return null;
        }

        lock (prefetched)
        {
            int at = prefetched.FindIndex(
                c => (c.Version, c.ShorterSideAtLeast, c.LongerSideAtLeast) == (version, shorterSideAtLeast, longerSideAtLeast));
            Prefetched? taken = at < 0 ? null : prefetched[at];
            if (taken is not null)
            {
                prefetched.RemoveAt(at);
            }

            return taken;
        }
    }

    private static SharedPhoto.Use DecodeNow(
        PhotoSource source, (DateTime Written, long Length)? version, int? shorterSideAtLeast, int? longerSideAtLeast)
    {
        Photo photo = PhotoDecoder.Decode(source, shorterSideAtLeast, longerSideAtLeast);
        var shared = new SharedPhoto(photo);
        SharedPhoto.Use use = shared.Open();
        if (photo.Width == photo.FullWidth && photo.Height == photo.FullHeight && photo.Length <= Capacity)
        {
            Keep(new Entry(source, version, shared, shared.Open()));
        }

        return use;
    }

    /// <summary>Whether no reduced JPEG scale would do, so that the decoder would give all pixels.</summary>
    private static bool IsNeededInFull((int Width, int Height) size, int? shorterSideAtLeast, int? longerSideAtLeast)
    {
        if ((shorterSideAtLeast ?? longerSideAtLeast) is null)
        {
            return true;
        }

        (int shorter, int longer) = (Math.Min(size.Width, size.Height), Math.Max(size.Width, size.Height));
        return SevenEighths(shorter) < (shorterSideAtLeast ?? 1) || SevenEighths(longer) < (longerSideAtLeast ?? 1);

        static int SevenEighths(int side) => (int)((7L * side + 7) / 8);
    }

    private static void Keep(Entry entry)
    {
        lock (Entries)
        {
            Entries.Enqueue(entry);
            _length += entry.Photo.Length;
            while (_length > Capacity || Entries.Count > MostPhotos)
            {
                Entry oldest = Entries.Dequeue();
                _length -= oldest.Photo.Length;
                oldest.Keeping.Dispose();
            }
        }
    }

    private sealed record Prefetched(
        (DateTime Written, long Length)? Version, int? ShorterSideAtLeast, int? LongerSideAtLeast, Task<SharedPhoto.Use?> Decoding);

    private sealed record Entry(PhotoSource Source, (DateTime Written, long Length)? Version, SharedPhoto Photo, SharedPhoto.Use Keeping);
}
