package tg.gouv.messagerie.deploy.demo;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * Everything here is invented. Its names are as they come in Togo: Ewe (Akossiwa), Kabiyè (Essohanam), Muslim (Rachidatou),
 * Christian (Marie-Thérèse); with accents, apostrophes, particles, hyphens, and two people called Kofi Mensah.
 */
/** The fictitious State of {@code up --demo}: a ministry of Energy, its bodies, their positions, their people. */
final class DemoState {
    /** The State's mail domain. */
    static final String DOMAIN = "gouv.tg";

    /** Where sealed mail to the outside world arrives. */
    static final String OUTSIDE = "monde.exterieur";

    private DemoState() {}

    /**
     * A ministry, one of its bodies or services.
     *
     * @param code short, unique in the State
     * @param parent the code of the entity it belongs to
     */
    record Entity(String code, String name, Optional<String> parent) {}

    /**
     * A place in an entity that a person holds.
     *
     * @param function the local part of the function mailbox that comes with it
     */
    record Position(String code, String title, String entity, Optional<String> function) {}

    /**
     * A civil servant.
     *
     * @param position the code of the position held, if any; without one the person is simply in the entity
     */
    record Person(String given, String family, String entity, Optional<String> position, Set<Role> roles) {
        String name() {
            return given + " " + family;
        }
    }

    /** What a person is called in {@code connection.json}; a label, until rights exist. */
    enum Role {
        PERSON("person"),
        ADMINISTRATOR("administrator"),
        FOCAL_POINT("focal-point");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** The ministry first, then its five bodies, then their services. */
    static List<Entity> entities() {
        return List.of(
                new Entity("energie", "Ministère de l'Énergie", Optional.empty()),
                body("cabinet", "Cabinet du ministre"),
                body("daf", "Direction des affaires financières"),
                body("dge", "Direction générale de l'énergie"),
                body("aer", "Agence de l'électrification rurale"),
                body("are", "Autorité de régulation de l'électricité"),
                service("courrier", "Service du courrier", "cabinet"),
                service("budget", "Service du budget", "daf"),
                service("informatique", "Service informatique", "daf"),
                service("reseaux", "Service des réseaux", "dge"),
                service("solaire", "Service de l'énergie solaire", "aer"));
    }

    /** The twelve positions. */
    static List<Position> positions() {
        return List.of(
                position("secretaire-general", "Secrétaire général", "energie"),
                position("directeur-cabinet", "Directrice de cabinet", "cabinet"),
                position("secretaire-cabinet", "Secrétaire du cabinet", "cabinet"),
                position("chef-courrier", "Chef du service du courrier", "courrier"),
                position("directeur-daf", "Directeur des affaires financières", "daf"),
                new Position("directeur-budget", "Directeur du Budget", "budget", Optional.of("directeur.budget")),
                position("chef-informatique", "Cheffe du service informatique", "informatique"),
                position("point-focal", "Point focal messagerie", "informatique"),
                position("directeur-dge", "Directeur général de l'énergie", "dge"),
                position("chef-reseaux", "Chef du service des réseaux", "reseaux"),
                position("directeur-aer", "Directrice de l'Agence de l'électrification rurale", "aer"),
                position("president-are", "Président de l'Autorité de régulation", "are"));
    }

    /** The twenty people. */
    static List<Person> people() {
        return List.of(
                holder("Akossiwa", "Mensah", "budget", "directeur-budget"),
                holder("Marie-Thérèse", "Lawson", "cabinet", "secretaire-cabinet"),
                new Person(
                        "Essohanam",
                        "Palanga",
                        "informatique",
                        Optional.of("point-focal"),
                        Set.of(Role.PERSON, Role.FOCAL_POINT)),
                new Person(
                        "Rachidatou",
                        "Tchakondo",
                        "informatique",
                        Optional.of("chef-informatique"),
                        Set.of(Role.PERSON, Role.ADMINISTRATOR)),
                holder("Abdoulaye", "Ouro-Bang'na", "energie", "secretaire-general"),
                holder("Afi", "d'Almeida", "cabinet", "directeur-cabinet"),
                holder("Jean-Baptiste", "Dosseh", "courrier", "chef-courrier"),
                holder("Kossi", "Amégan", "daf", "directeur-daf"),
                holder("Pyabalo", "Tchalla", "dge", "directeur-dge"),
                holder("Ibrahim", "Issifou", "reseaux", "chef-reseaux"),
                holder("Élise", "Kpodar", "aer", "directeur-aer"),
                holder("François", "de Souza", "are", "president-are"),
                member("Kofi", "Mensah", "budget"),
                member("Kofi", "Mensah", "reseaux"),
                member("Tchilalo", "Bataba", "solaire"),
                member("Mazalo", "Kézié", "reseaux"),
                member("Aïchatou", "Boukari", "courrier"),
                member("Kodjo", "Agbéko", "solaire"),
                member("Yawa", "Sanvee", "budget"),
                member("Grâce", "Ayité", "are"));
    }

    private static Entity body(String code, String name) {
        return new Entity(code, name, Optional.of("energie"));
    }

    private static Entity service(String code, String name, String body) {
        return new Entity(code, name, Optional.of(body));
    }

    private static Position position(String code, String title, String entity) {
        return new Position(code, title, entity, Optional.empty());
    }

    private static Person holder(String given, String family, String entity, String position) {
        return new Person(given, family, entity, Optional.of(position), Set.of(Role.PERSON));
    }

    private static Person member(String given, String family, String entity) {
        return new Person(given, family, entity, Optional.empty(), Set.of(Role.PERSON));
    }
}
