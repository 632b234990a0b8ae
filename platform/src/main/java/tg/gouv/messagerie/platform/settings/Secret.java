package tg.gouv.messagerie.platform.settings;

import java.util.Objects;

/** A secret value: a file name in the settings, characters in memory, {@code ***} wherever it is printed. */
public final class Secret {
    private final String characters;

    public Secret(String characters) {
        this.characters = characters;
    }

    /** The secret itself; whoever calls this must neither log nor store it. */
    public String reveal() {
        return characters;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Objects.equals(characters, secret.characters);
    }

    @Override
    public int hashCode() {
        return 0; // says nothing about the characters
    }

    @Override
    public String toString() {
        return "***";
    }
}
