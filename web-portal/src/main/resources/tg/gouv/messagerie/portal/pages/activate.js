// A letter's QR code names address and code behind the « # » of the page, which no server is told; they are filled in here.
const told = new URLSearchParams(location.hash.slice(1));
for (const [name, value] of [["adresse", told.get("address")], ["code", told.get("code")]]) {
  const field = document.getElementById(name);
  if (field && value) {
    field.value = value;
    history.replaceState(null, "", location.pathname + location.search);
  }
}
