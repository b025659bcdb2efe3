namespace ClassActivation.Tests.Truth;

/// <summary>Something in a picture, in cells from the top left corner.</summary>
internal sealed record Placed(Thing Thing, int Left, int Top, int Width, int Height)
{
    /// <summary>Whether it covers a cell.</summary>
    public bool Covers(int column, int row) => column >= Left && column < Left + Width && row >= Top && row < Top + Height;
}
