package tg.gouv.messagerie.directory.imports;

import java.util.List;

/** The columns of a file of people, in the order in which we write them. */
public enum PersonColumn {
    NUMBER("matricule|number|registration-number"),
    GIVEN("prenoms|given|prenom"),
    FAMILY("nom|family"),
    ENTITY("entite|entity"),
    POSITIONS("postes|positions|poste|position"),
    FROM("debut|from"),
    UNTIL("fin|until"),
    LANGUAGE("langue|language"),
    ADDRESS("adresse|address|email"),
    ALIASES("autres-adresses|aliases"),
    STATE("etat|state"),
    HASH("empreinte|hash");

    /** With a bar between them. */
    private final String names;

    PersonColumn(String names) {
        this.names = names;
    }

    /** Our name for it, in French. */
    public String title() {
        return names().getFirst();
    }

    /** Whether a column is this one; accents, capitals, spaces and hyphens do not matter. */
    boolean isCalled(String name) {
        String compared = Fold.compared(name);
        return names().stream().anyMatch(it -> Fold.compared(it).equals(compared));
    }

    private List<String> names() {
        return List.of(names.split("\\|"));
    }
}
