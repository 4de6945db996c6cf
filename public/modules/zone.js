// Shows the times of a part in the zone of the device, which the server does not know. Without this they stay in UTC, and say so.
export default (part) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", day: "numeric", month: "short" });
  const offset = () => {
    const minutes = -new Date().getTimezoneOffset();
    const two = (number) => String(Math.trunc(number)).padStart(2, "0");
    return `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  };
  const tell = () => {
    for (const time of part.querySelectorAll("time[datetime]")) time.textContent = clock.format(new Date(time.dateTime));
    part.querySelector("[data-zone-name]").textContent = `Times in ${zone} (UTC${offset()}).`;
  };
  const field = document.querySelector("#choices input[name=zone]");
  if (field?.value === "UTC") field.value = offset();
  part.addEventListener("uncordon:swapped", tell);
  tell();
};
